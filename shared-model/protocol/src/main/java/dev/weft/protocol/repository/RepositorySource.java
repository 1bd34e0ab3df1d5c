package dev.weft.protocol.repository;

/** Where a repository lies; the words are those of the deployment file and the admin API. */
public enum RepositorySource {
    /** Hugging Face hub, or what HF_ENDPOINT names. */
    HF,
    /** Google Cloud Storage. */
    GCS,
    /** Amazon S3 or what speaks its protocol. */
    S3,
    /** Azure Blob Storage. */
    AZURE,
    /** Any HTTP address. */
    REMOTE_URL,
    /** A folder on this machine. */
    FILE
}
