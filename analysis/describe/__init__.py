"""What is generated from declarations: the description of a model, its results, the reference of the site."""
