package dev.weft.gateway.worker;

import java.net.URI;

/**
 * A worker on the gateway's list.
 *
 * @param address without a path
 * @param draining it is about to end: it gets no more requests, and answers those that it has
 */
public record ListedWorker(URI address, boolean draining) {}
