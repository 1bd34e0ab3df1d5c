/**
 * The linear layers of a model on the best kernels of this machine: oneDNN, else the Vector API;
 * each is tested against the plain reference before it is used. Every result of a row is computed
 * in an order that does not depend on the other rows of the batch. The thread that packs a model
 * calls it.
 */
@NullMarked
package dev.weft.inference.cpu.kernel;

import org.jspecify.annotations.NullMarked;
