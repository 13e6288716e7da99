"""What runs of the project itself showed: the tables and pictures of findings in the documents."""
