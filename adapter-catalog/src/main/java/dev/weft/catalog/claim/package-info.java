/**
 * Who takes a version in, of several catalogs on one database, and the steps that it says it has
 * made. Owns the columns {@code claimed_by}, {@code claimed_until} and {@code attempts} of table
 * {@code versions}, and this catalog's name in the data folder. Claims are renewed by a loop.
 */
@NullMarked
package dev.weft.catalog.claim;

import org.jspecify.annotations.NullMarked;
