/**
 * Who asks the catalog, what they may do, and for which tenant. A filter before every handler
 * decides; handlers get the {@link dev.weft.catalog.audit.Requester}. Tokens are looked up on
 * virtual threads. The package owns the file of the first token in the data folder.
 */
@NullMarked
package dev.weft.catalog.access;

import org.jspecify.annotations.NullMarked;
