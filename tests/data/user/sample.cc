// C++ names and classes of a user's program: judged by unit tests without a compiler.
namespace shop {
class Item {
 public:
  int price(bool taxed) const;
  static int count;

 private:
  int price_;
};

struct Book : Item {
  const char *title;
};

int Item::price(bool taxed) const { return taxed ? price_ * 2 : price_; }

long total(const Book &book, Item &&item, unsigned char (&bytes)[8]) {
  return book.price(true) + item.price(false) + bytes[3] + book.title[0];
}
}  // namespace shop
