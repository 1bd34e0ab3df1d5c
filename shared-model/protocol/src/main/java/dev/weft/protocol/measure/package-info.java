/**
 * The measurements that gateways make of a version's answers, in a form in which those of several
 * gateways can be added. Values and their JSON; no threads.
 */
@NullMarked
package dev.weft.protocol.measure;

import org.jspecify.annotations.NullMarked;
