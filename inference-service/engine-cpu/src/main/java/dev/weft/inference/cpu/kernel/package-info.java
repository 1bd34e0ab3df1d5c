/**
 * The arithmetic of the embedded engine: a team of threads that each run their slice of every
 * operator, linear layers on oneDNN with a Vector API fallback and a naive reference, and the
 * vector operators around them. The only package that calls native code. Every result of a row is
 * computed in an order that does not depend on the other rows of the batch.
 */
@NullMarked
package dev.weft.inference.cpu.kernel;

import org.jspecify.annotations.NullMarked;
