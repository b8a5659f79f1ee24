/** Service -> the container ports that it may publish. */
export const publishers: Record<string, number[]> = {
  caddy: [8000],
  redis: [6379],
  consul: [8500],
  qdrant: [6333, 6334],
};
