/**
 * The adapter catalog: which adapters exist, their sources, and whether they fit the base. It has
 * one process, one database and one folder of artifacts. {@link dev.weft.catalog.CatalogService}
 * starts and ends it.
 */
@NullMarked
package dev.weft.catalog;

import org.jspecify.annotations.NullMarked;
