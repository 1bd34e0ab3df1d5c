/**
 * What workers and the catalog say to each other about adapters: which a worker holds and where,
 * and which it is asked to hold. Values and their JSON; no input or output.
 */
@NullMarked
package dev.weft.protocol.residency;

import org.jspecify.annotations.NullMarked;
