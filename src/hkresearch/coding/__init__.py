"""Pages -> rows: here, in a pool of workers, on a cluster."""
