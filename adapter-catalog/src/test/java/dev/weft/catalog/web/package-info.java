/** Tests of the catalog: web. */
@NullMarked
package dev.weft.catalog.web;

import org.jspecify.annotations.NullMarked;
