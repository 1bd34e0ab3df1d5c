/**
 * Which of several catalogs on one database ingests a version, and the steps that it reports. The
 * package owns the columns {@code claimed_by}, {@code claimed_until} and {@code attempts} of table
 * {@code versions}, and this catalog's name in the data folder. A loop renews claims.
 */
@NullMarked
package dev.weft.catalog.claim;

import org.jspecify.annotations.NullMarked;
