"""Pages that look across features: what waits for somebody, the Chair's table, the plenary hall.

This package has no rows and no acts of its own. It asks the features below what is so and what is possible, and every act that it
offers is theirs.
"""
