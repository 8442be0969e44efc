"""What every page shares. It knows no feature: features register themselves with it, never the other way round."""
