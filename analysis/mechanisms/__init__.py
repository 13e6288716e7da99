"""The mechanisms of the documents: where each stands in the model, and what it does there."""
