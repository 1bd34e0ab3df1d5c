package dev.weft.gateway.simulation;

/**
 * A request.
 *
 * @param arrival seconds since the start
 */
record SimulatedRequest(double arrival, int adapter, int promptTokens, int answerTokens) {}
