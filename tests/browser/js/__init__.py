"""The browser's half of the cryptography, in a real browser and under the real Content-Security-Policy."""
