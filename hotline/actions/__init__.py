"""One async function per thing that can happen; the writer is the only way to write."""
