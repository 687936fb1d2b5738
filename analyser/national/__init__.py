"""What Finland fixes: days and holidays, identifiers, municipalities, the deadlines of the statute."""
