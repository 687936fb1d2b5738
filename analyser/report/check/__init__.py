"""What a check found, in every format: text and Markdown, GitHub, SARIF, JSON and JUnit."""
