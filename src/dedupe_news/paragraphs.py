"""x"""
def split_paragraphs(text: str) -> tuple[str, ...]:
    return tuple(p for p in text.split("\n\n") if p.strip())
