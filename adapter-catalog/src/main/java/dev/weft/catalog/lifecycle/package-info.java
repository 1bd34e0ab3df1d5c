/**
 * The states of a version as types, with the table of allowed transitions. The package has only
 * values, and no input or output.
 */
@NullMarked
package dev.weft.catalog.lifecycle;

import org.jspecify.annotations.NullMarked;
