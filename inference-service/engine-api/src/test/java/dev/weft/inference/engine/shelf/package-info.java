/** Tests of what tenants share. */
@NullMarked
package dev.weft.inference.engine.shelf;

import org.jspecify.annotations.NullMarked;
