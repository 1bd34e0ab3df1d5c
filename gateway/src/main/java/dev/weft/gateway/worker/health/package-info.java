/**
 * What a worker's answers say of it: failures one after the other, and streams that begin late. It
 * keeps a worker from requests for a while. Any thread.
 */
@NullMarked
package dev.weft.gateway.worker.health;

import org.jspecify.annotations.NullMarked;
