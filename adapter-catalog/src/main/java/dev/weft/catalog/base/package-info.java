/** Bases: the models that adapters fit, from deployment files and from the admin API. */
@NullMarked
package dev.weft.catalog.base;

import org.jspecify.annotations.NullMarked;
