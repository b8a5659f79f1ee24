/** Which container ports each service may publish. What is not here may publish none. */
export const publishers: Record<string, number[]> = {
  caddy: [8000],
  redis: [6379],
  consul: [8500],
  qdrant: [6333, 6334],
};
