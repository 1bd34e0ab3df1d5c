/**
 * S3, Google Cloud Storage and Azure Blob Storage through OpenDAL, whose native part is loaded when
 * a store is first used. The package blocks and is meant for virtual threads; every wait has a
 * deadline.
 */
@NullMarked
package dev.weft.source.object;

import org.jspecify.annotations.NullMarked;
