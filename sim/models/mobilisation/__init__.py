"""The flagship model: citizens, police, elites and regime in a protest mobilisation."""
