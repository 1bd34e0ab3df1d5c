/**
 * Attempts of requests at workers: which worker is asked, whether a second one is asked beside it,
 * what goes to it, and how its answer goes to the client.
 */
@NullMarked
package dev.weft.gateway.forward.attempt;

import org.jspecify.annotations.NullMarked;
