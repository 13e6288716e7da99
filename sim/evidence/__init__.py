"""What values rest on: the ledger of claims and publications, the sources of a scenario, lists of seeds."""
