/** For an answer of the engine by which what was asked for is so already. */
export const ignore =
  (...statusCodes: number[]) =>
  (error: { statusCode?: number }): undefined => {
    if (!statusCodes.includes(error.statusCode ?? 0)) throw error;
  };
