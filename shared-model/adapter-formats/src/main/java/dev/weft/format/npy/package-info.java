/**
 * NumPy's .npy files: the header and the position of the data. Arrays are mapped, not read. The
 * package keeps no state and is safe for any thread. Format: NEP 1 and numpy.lib.format of the
 * NumPy project.
 */
@NullMarked
package dev.weft.format.npy;

import org.jspecify.annotations.NullMarked;
