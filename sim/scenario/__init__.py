"""Scenario files: strict reading, inheritance, overrides, and the schema that checks them."""
