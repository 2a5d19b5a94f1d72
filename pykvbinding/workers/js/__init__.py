"""The values, classes and globals of JavaScript, as Python sees them in a Worker."""
