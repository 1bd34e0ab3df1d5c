/**
 * The states of a version as types, with the table of which may follow which. Values only; no input
 * or output.
 */
@NullMarked
package dev.weft.catalog.lifecycle;

import org.jspecify.annotations.NullMarked;
