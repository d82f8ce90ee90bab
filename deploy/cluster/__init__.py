"""The whole of production on loopback: it starts, waits and stops; who fails over is Patroni."""
