/**
 * What the catalog's HTTP server consists of: Boot's pieces by name, virtual threads for handlers
 * that block, event loops of its own, the OpenAPI page.
 */
@NullMarked
package dev.weft.catalog.web;

import org.jspecify.annotations.NullMarked;
