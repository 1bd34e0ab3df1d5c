/**
 * Decides who may use this worker: programs of its machine while it listens on loopback and keys
 * are off, else services with a token or a certificate. The gateway checks clients' own tokens.
 */
@NullMarked
package dev.weft.inference.server.access;

import org.jspecify.annotations.NullMarked;
