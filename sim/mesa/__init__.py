"""A run as a Mesa model, with its frames, citizens, levers and sliders."""
