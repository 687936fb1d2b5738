"""Documents, frames and answers: from the bytes of one member to typed rows."""
