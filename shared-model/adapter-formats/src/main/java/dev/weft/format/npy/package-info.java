/**
 * NumPy's .npy files: the header and where the data lie. Arrays are mapped, not read; keeps no
 * state; safe for any thread. Format: NEP 1 and numpy.lib.format of the NumPy project.
 */
@NullMarked
package dev.weft.format.npy;

import org.jspecify.annotations.NullMarked;
