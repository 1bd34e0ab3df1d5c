/**
 * The kernels of a deployment's embedded engine: its settings for them, and a report in words of
 * which kernels it runs on this machine.
 */
@NullMarked
package dev.weft.inference.server.kernels;

import org.jspecify.annotations.NullMarked;
