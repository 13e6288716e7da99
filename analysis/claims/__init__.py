"""The documents put to the test: each claim that the model can speak to, as a paired experiment."""
