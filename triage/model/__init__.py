"""The additive model that comes with the package: weights, thresholds, and its card (README.md)."""
