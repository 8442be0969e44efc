"""What the tests stand on: throw-away databases, a browser, small stand-ins."""
