/** The list of models that clients see: the bases and every ready adapter. */
@NullMarked
package dev.weft.gateway.models;

import org.jspecify.annotations.NullMarked;
