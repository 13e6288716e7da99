"""The models a scenario can name, behind one interface."""
