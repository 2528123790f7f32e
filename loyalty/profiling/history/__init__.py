"""What each member bought and did, laid out so that a question about one category or event reads little else."""
