/**
 * Who may use this worker: programs of its machine while it listens on loopback and keys are off,
 * else services with a token or a certificate. Clients' own tokens are the gateway's business.
 */
@NullMarked
package dev.weft.inference.server.access;

import org.jspecify.annotations.NullMarked;
