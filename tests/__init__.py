"""The tests, and the tools they share with the demo and the bench."""
