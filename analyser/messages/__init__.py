"""What is told and in which language: the catalogue of texts, errors and suggestions."""
