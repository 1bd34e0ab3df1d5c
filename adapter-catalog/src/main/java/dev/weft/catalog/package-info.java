/**
 * The adapter catalog: which adapters exist, where they came from and whether they fit the base.
 * One process, one database, one folder of artifacts; {@link dev.weft.catalog.CatalogService}
 * starts and ends it.
 */
@NullMarked
package dev.weft.catalog;

import org.jspecify.annotations.NullMarked;
