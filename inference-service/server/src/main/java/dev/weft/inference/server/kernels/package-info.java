/**
 * What the embedded engine of a deployment computes with: the settings of the engine, and what they
 * come to on this machine, in words.
 */
@NullMarked
package dev.weft.inference.server.kernels;

import org.jspecify.annotations.NullMarked;
