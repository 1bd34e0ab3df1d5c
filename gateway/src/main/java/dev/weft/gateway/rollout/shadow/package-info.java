/**
 * Sends copies of clients' requests to a candidate version, as the catalog has ordered. A request
 * is drawn when it comes and copied once its client has the whole answer; the candidate's answer is
 * compared with it and thrown away. Copies have connections and tokens of their own, go only to
 * workers with a free row, and are broken off as soon as a client's request could use it. Clients'
 * answers pass through the package and are kept until the comparison, at most 256 KiB each; nothing
 * of them is written, logged or sent to anybody but the worker. Drawing runs on event-loop threads
 * and never blocks; each copy has a virtual thread; one loop asks for orders and one looks after
 * the copies.
 */
@NullMarked
package dev.weft.gateway.rollout.shadow;

import org.jspecify.annotations.NullMarked;
